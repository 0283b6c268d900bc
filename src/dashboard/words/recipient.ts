/** A recipient as it may stand on a screen that others see. */

/** Keeps the country's digits and the last two, so that a support person can still tell two numbers apart. */
export function maskRecipient(recipient: string): string {
  const at = recipient.indexOf("@");
  if (at > 0) return `${recipient.slice(0, 1)}•••${recipient.slice(at)}`;
  const shown = recipient.startsWith("+") ? 3 : 2;
  if (recipient.length < shown + 4) return "•".repeat(recipient.length);
  return `${recipient.slice(0, shown)} ••• ${recipient.slice(-2)}`;
}
