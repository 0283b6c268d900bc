/** The secrets without which the service does not work at all, and how long each must be. */

export const secretCharactersMin = 32;

/** The names of those that are missing or too short to be secret. */
export function missingSecrets(
  env: Readonly<Partial<Record<"ROOT_KEY" | "ENCRYPTION_KEY", string>>>,
): string[] {
  return (["ROOT_KEY", "ENCRYPTION_KEY"] as const).filter(
    (name) => (env[name] ?? "").length < secretCharactersMin,
  );
}
