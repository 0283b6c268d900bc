/** Making a source: which provider, what to call it, what its webhooks prove themselves with. */
import { useState } from "preact/hooks";
import { listProviders, makeSource, type Provider, type SourceWithCredentials } from "../api/sources.ts";
import { Dialog } from "../parts/dialog.tsx";
import { SelectField, TextField } from "../parts/field.tsx";
import { RequestForm, textOf } from "../parts/form.tsx";
import { sourceHref } from "../parts/links.ts";
import { Loading, ProblemNotice } from "../parts/notice.tsx";
import { navigate } from "../state/address.ts";
import { useResource } from "../state/resource.ts";
import { AuthFields, authOf } from "./authFields.tsx";
import { freshSource } from "./fresh.ts";

export function NewSourceDialog({ onClose }: { readonly onClose: () => void }) {
  const providers = useResource("providers", listProviders);
  return (
    <Dialog title="New source" onClose={onClose}>
      {providers.problem !== null && <ProblemNotice problem={providers.problem} onRetry={providers.reload} />}
      {providers.value === null && providers.problem === null && <Loading what="providers" />}
      {providers.value !== null && <NewSourceForm providers={providers.value.data} onClose={onClose} />}
    </Dialog>
  );
}

interface NewSourceFormProps {
  readonly providers: readonly Provider[];
  readonly onClose: () => void;
}

function NewSourceForm({ providers, onClose }: NewSourceFormProps) {
  const [name, setName] = useState(providers[0]?.name ?? "");
  const provider = providers.find((one) => one.name === name);
  if (provider === undefined) return null;
  const send = (fields: FormData) => {
    const id = textOf(fields, "id");
    const auth = authOf(provider, fields);
    return makeSource({
      provider: provider.name,
      name: textOf(fields, "name") ?? provider.title,
      ...(id === null ? {} : { id }),
      ...(auth === undefined ? {} : { auth }),
    });
  };
  return (
    <RequestForm label="New source" submit="Make the source" send={send} onDone={open} onCancel={onClose}>
      {(problem) => (
        <>
          <SelectField
            label="Provider"
            name="provider"
            value={name}
            choices={providers.map((one) => ({ value: one.name, label: one.title }))}
            onChange={setName}
            problem={problem}
          />
          <TextField
            label="Name"
            name="name"
            placeholder={`${provider.title}, main account`}
            problem={problem}
            hint="As your colleagues call the account."
          />
          <TextField
            label="Id"
            name="id"
            placeholder={`my-${provider.name}`}
            problem={problem}
            hint="In the address; lower-case letters, digits and hyphens. Left empty, one is made."
          />
          <AuthFields key={provider.name} provider={provider} problem={problem} />
        </>
      )}
    </RequestForm>
  );
}

function open(source: SourceWithCredentials): void {
  freshSource.value = source;
  navigate(sourceHref(source.id));
}
