/** What the shared parts of the routes ask of D1. */

/** D1 that throws and D1 that hangs are the same to whoever waits. */
export async function databaseAnswers(database: D1Database): Promise<boolean> {
  const answer = database
    .prepare("SELECT 1")
    .first()
    .then(
      () => true,
      () => false,
    );
  const late = new Promise<false>((settle) => setTimeout(() => settle(false), 3_000));
  return Promise.race([answer, late]);
}
