/** How long old secrets hold beside new ones. */
export const overlapChoices = [
  { value: "0", label: "Not at all: they end now" },
  { value: "3600", label: "1 hour" },
  { value: "86400", label: "24 hours" },
  { value: "604800", label: "7 days" },
] as const;
