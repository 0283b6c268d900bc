/** One proof that a source asks its webhooks for; which members it has depends on its type. */
export type AuthEntry = { readonly type: string } & Readonly<Record<string, unknown>>;
