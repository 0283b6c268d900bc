/** What a provider's webhooks prove themselves with: its usual way, or another one that the source is to ask for. */
import { useState } from "preact/hooks";
import type { AuthScheme, Provider } from "../api/sources.ts";
import type { AuthEntry } from "./authEntry.ts";
import type { Problem } from "../api/problem.ts";
import { SelectField, TextField } from "../parts/field.tsx";
import { textOf } from "../parts/form.tsx";

interface AuthFieldsProps {
  readonly provider: Provider;
  readonly problem: Problem | null;
}

const usual = "usual";

export function AuthFields({ provider, problem }: AuthFieldsProps) {
  const [type, setType] = useState(usual);
  const choices = [
    { value: usual, label: `The usual way: ${provider.defaultAuth.map(describe).join(" and ")}` },
    ...provider.auth.map((scheme) => ({ value: scheme.type, label: capital(nameOf(scheme.type)) })),
  ];
  const scheme = provider.auth.find((one) => one.type === type);
  return (
    <>
      <SelectField
        label="How its webhooks prove themselves"
        name="authType"
        value={type}
        choices={choices}
        onChange={setType}
        problem={problem}
        path="auth"
      />
      {scheme === undefined
        ? provider.defaultAuth.flatMap((entry, index) => {
            const asked = provider.auth.find((one) => one.type === entry.type);
            return (asked?.secrets ?? []).map((secret) => (
              <SecretField
                key={`${index}.${secret}`}
                name={`auth.${index}.${secret}`}
                path={`auth[${index}].${secret}`}
                label={capital(`${describe(entry)}: ${secret}`)}
                generated={asked?.generated === true}
                problem={problem}
              />
            ));
          })
        : membersOf(scheme).map((member) => (
            <MemberField key={`${type}.${member.name}`} scheme={scheme} member={member} problem={problem} />
          ))}
    </>
  );
}

/** The `auth` of the request; undefined: the provider's usual one, every secret made for us. */
export function authOf(provider: Provider, fields: FormData): AuthEntry[] | undefined {
  const type = textOf(fields, "authType") ?? usual;
  if (type !== usual) {
    const scheme = provider.auth.find((one) => one.type === type);
    return [
      {
        type,
        ...given(fields, "auth.0.", scheme === undefined ? [] : membersOf(scheme).map(({ name }) => name)),
      },
    ];
  }
  const entries = provider.defaultAuth.map((entry, index) => {
    const secrets = provider.auth.find((one) => one.type === entry.type)?.secrets ?? [];
    return { ...entry, ...given(fields, `auth.${index}.`, secrets) };
  });
  const isChanged = JSON.stringify(entries) !== JSON.stringify(provider.defaultAuth);
  return isChanged ? entries : undefined;
}

function given(fields: FormData, prefix: string, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = textOf(fields, prefix + name);
      return value === null ? [] : [[name, value]];
    }),
  );
}

interface SecretFieldProps {
  readonly name: string;
  readonly path: string;
  readonly label: string;
  readonly generated: boolean;
  readonly problem: Problem | null;
}

function SecretField({ generated, ...field }: SecretFieldProps) {
  return (
    <TextField
      {...field}
      hint={
        generated
          ? "Left empty, we make one and show it to you once."
          : "The provider issues it; copy it from there."
      }
    />
  );
}

interface Member {
  readonly name: string;
  readonly options: readonly string[] | null;
}

interface MemberFieldProps {
  readonly scheme: AuthScheme;
  readonly member: Member;
  readonly problem: Problem | null;
}

function MemberField({ scheme, member, problem }: MemberFieldProps) {
  const field = {
    name: `auth.0.${member.name}`,
    path: `auth[0].${member.name}`,
    label: member.name,
    problem,
  };
  if (member.options !== null) {
    return <SelectField {...field} choices={member.options.map((value) => ({ value, label: value }))} />;
  }
  if (scheme.secrets.includes(member.name)) return <SecretField {...field} generated={scheme.generated} />;
  return <TextField {...field} />;
}

/** The members of an entry, out of the scheme's JSON Schema. */
function membersOf({ schema }: AuthScheme): Member[] {
  const properties = memberOf(schema, "properties");
  if (typeof properties !== "object" || properties === null) return [];
  return Object.entries(properties)
    .filter(([name]) => name !== "type")
    .map(([name, property]: [string, unknown]) => {
      const options = memberOf(property, "enum");
      return { name, options: Array.isArray(options) ? options.map(String) : null };
    });
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : null;
}

const schemeNames: Readonly<Record<string, string>> = {
  header: "a header with a secret value",
  basic: "user name and password",
  hmac: "a signature over the body",
  urlToken: "the secret at the end of the address",
};

function nameOf(type: string): string {
  return schemeNames[type] ?? `the provider’s own ${type}`;
}

export function describe(entry: AuthEntry): string {
  const place = entry["name"] ?? entry["header"];
  return typeof place === "string" ? `${nameOf(entry.type)} (${place})` : nameOf(entry.type);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
