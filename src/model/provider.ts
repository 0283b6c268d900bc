/** The names of the providers, as sources, events and filters write them; the registry in src/providers/ has the same. */
export const providerNames = [
  "nifteem",
  "callbell",
  "texter",
  "meta",
  "360dialog",
  "gupshup",
  "infobip",
  "zenvia",
  "wati",
  "twilio",
  "vonage",
  "sinch",
  "telnyx",
  "plivo",
  "messagebird",
  "bird",
] as const;
