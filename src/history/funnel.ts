/** The funnel of a dispatch or broadcast: how many of its messages show what, and why they failed. */
import * as z from "zod/mini";

/** Messages that show the same, for the same reason. */
export const funnelRowSchema = z.object({
  status: z.string(),
  code: z.nullable(z.string()),
  text: z.nullable(z.string()),
  count: z.int(),
});

export type FunnelRow = z.infer<typeof funnelRowSchema>;

export interface Funnel {
  readonly total: number;
  readonly byStatus: Readonly<Record<string, number>>;
  /** Most frequent first; failures without a reason are not listed. */
  readonly reasons: readonly {
    readonly code: string | null;
    readonly text: string | null;
    readonly count: number;
  }[];
}

export function funnelOf(rows: readonly FunnelRow[]): Funnel {
  const byStatus = new Map<string, number>();
  const reasons = new Map<string, { code: string | null; text: string | null; count: number }>();
  for (const { status, code, text, count } of rows) {
    byStatus.set(status, (byStatus.get(status) ?? 0) + count);
    if (code === null && text === null) continue;
    const key = JSON.stringify([code, text]);
    reasons.set(key, { code, text, count: (reasons.get(key)?.count ?? 0) + count });
  }
  return {
    total: rows.reduce((sum, row) => sum + row.count, 0),
    byStatus: Object.fromEntries(byStatus),
    reasons: [...reasons.values()].toSorted((one, other) => other.count - one.count),
  };
}
