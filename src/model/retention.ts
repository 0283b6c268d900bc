/** How long what came in is kept. */

const dayMs = 24 * 60 * 60 * 1000;
const daysDefault = 90;

/** Whatever is older than this goes. Of days that are no number the default holds: nothing is lost by a slip of the pen. */
export function retentionCutoff(retentionDays: string, nowMs: number): string {
  const days = Number(retentionDays);
  return new Date(nowMs - (Number.isFinite(days) && days > 0 ? days : daysDefault) * dayMs).toISOString();
}
