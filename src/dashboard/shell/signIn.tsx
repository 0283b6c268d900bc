/** Signing in: a key, checked before it is kept. */
import type { Answer } from "../api/request.ts";
import { whoAmI } from "../api/self.ts";
import { TextField } from "../parts/field.tsx";
import { RequestForm, textOf } from "../parts/form.tsx";
import { type Identity, signedOutBecause, signIn } from "../state/session.ts";
import { Wordmark } from "./wordmark.tsx";

export function SignIn({ because = null }: { readonly because?: string | null }) {
  const reason = because ?? signedOutBecause.value;
  return (
    <main class="sign-in">
      <div class="sign-in-card">
        <Wordmark />
        <h1>Sign in</h1>
        <p class="soft">See what happened to each message, and why.</p>
        {reason !== null && <p class="notice">{reason}</p>}
        <RequestForm<Known>
          label="Sign in"
          submit="Sign in"
          send={check}
          onDone={({ key, who }) => signIn(key, who)}
        >
          {(problem) => (
            <TextField
              label="Key"
              name="key"
              type="password"
              placeholder="tk_…"
              problem={problem}
              hint="An API key, or the root key. It stays in this tab and is forgotten when you close it."
            />
          )}
        </RequestForm>
        <p class="soft small">
          On your own machine: open the link that <code>npm start</code> prints.
        </p>
      </div>
    </main>
  );
}

interface Known {
  readonly key: string;
  readonly who: Identity;
}

async function check(fields: FormData): Promise<Answer<Known>> {
  const key = textOf(fields, "key") ?? "";
  const answer = await whoAmI(key);
  return answer.ok ? { ok: true, value: { key, who: answer.value } } : answer;
}
