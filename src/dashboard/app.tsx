/** Who sees what: nobody without a key sees more than the sign-in; everybody else the page of the address. */
import { useEffect, useState } from "preact/hooks";
import type { Problem } from "./api/problem.ts";
import { whoAmI } from "./api/self.ts";
import { findPage } from "./pages.ts";
import { Empty, Loading, ProblemNotice } from "./parts/notice.tsx";
import { Shell } from "./shell/shell.tsx";
import { SignIn } from "./shell/signIn.tsx";
import { StatusRegion } from "./shell/statusRegion.tsx";
import { path } from "./state/address.ts";
import { identity, sessionKey } from "./state/session.ts";
import { inBackground } from "./state/background.ts";

export function App() {
  return (
    <>
      {sessionKey.value === null ? <SignIn /> : <SignedIn sessionKey={sessionKey.value} />}
      <StatusRegion />
    </>
  );
}

function SignedIn({ sessionKey: key }: { readonly sessionKey: string }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (identity.peek() !== null) return;
    inBackground(
      whoAmI(key).then((answer) => {
        if (answer.ok) identity.value = answer.value;
        else setProblem(answer.problem);
      }),
    );
  }, [key, round]);
  if (identity.value !== null) {
    return (
      <Shell>
        <CurrentPage />
      </Shell>
    );
  }
  if (problem === null) {
    return (
      <main class="page">
        <Loading what="what your key may see" />
      </main>
    );
  }
  if (problem.status === 401) return <SignIn because="That key is not known here, or no longer holds." />;
  const retry = () => {
    setProblem(null);
    setRound(round + 1);
  };
  return (
    <main class="page">
      <ProblemNotice problem={problem} onRetry={retry} />
    </main>
  );
}

function CurrentPage() {
  const found = findPage(path.value);
  if (found === null) {
    return (
      <Empty title="There is no such page">
        <p>
          The address may be mistyped. <a href="/">Go to the live table</a>, where any message can be searched
          for.
        </p>
      </Empty>
    );
  }
  const Page = found.page;
  // Another message is another page: nothing of the one before may be left on it.
  return <Page key={path.value} parts={found.parts} />;
}
