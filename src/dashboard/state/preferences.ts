/** What this person likes to see: theme (kept) and whether recipients are in clear (kept for the tab). */
import { signal } from "@preact/signals";

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

const themeName = "tickline.theme";
const recipientsName = "tickline.recipients";

export const theme = signal<Theme>("system");
export const recipientsShown = signal(false);

export function restorePreferences(): void {
  const stored = localStorage.getItem(themeName);
  setTheme(themes.find((name) => name === stored) ?? "system");
  recipientsShown.value = sessionStorage.getItem(recipientsName) === "shown";
}

export function setTheme(next: Theme): void {
  theme.value = next;
  localStorage.setItem(themeName, next);
  if (next === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = next;
}

export function toggleRecipients(): void {
  recipientsShown.value = !recipientsShown.value;
  sessionStorage.setItem(recipientsName, recipientsShown.value ? "shown" : "masked");
}
