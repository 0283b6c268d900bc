/** The panels of the overview. */
import type { Latency, Overview } from "../api/overview.ts";
import { Bars, shareText } from "../charts/bars.tsx";
import { Columns } from "../charts/columns.tsx";
import { Sources } from "./sources.tsx";
import { spanText } from "../words/time.ts";

interface PanelsProps {
  readonly overview: Overview;
  /** As in the address, for links into the live table. */
  readonly range: string;
}

const reasonsShownMax = 8;

export function Panels({ overview, range }: PanelsProps) {
  const { minutes, since, until, latencies, reasons, bySource } = overview;
  return (
    <>
      <Figures overview={overview} />
      <section class="card" aria-labelledby="volume-title">
        <h2 id="volume-title">Events over time</h2>
        <Columns points={minutes} since={since} until={until} />
      </section>
      <div class="panels">
        <div class="panel-column">
          <Funnel overview={overview} range={range} />
          <section class="card" aria-labelledby="speed-title">
            <h2 id="speed-title">How fast</h2>
            <Speed name="Sent to delivered" latency={latencies.sentToDelivered} />
            <Speed name="Delivered to read" latency={latencies.deliveredToRead} />
          </section>
        </div>
        <div class="panel-column">
          <Reasons reasons={reasons} range={range} />
          <Sources sources={bySource} />
        </div>
      </div>
    </>
  );
}

interface ReasonsProps {
  readonly reasons: Overview["reasons"];
  readonly range: string;
}

function Reasons({ reasons, range }: ReasonsProps) {
  return (
    <section class="card" aria-labelledby="reasons-title">
      <h2 id="reasons-title">Why messages failed</h2>
      {reasons.length === 0 && <p class="soft">No failure gave a reason in this time.</p>}
      <Bars
        total={reasons.reduce((sum, { count }) => sum + count, 0)}
        rows={reasons.slice(0, reasonsShownMax).map(({ code, text, kind, count }) => ({
          name: text ?? kind,
          detail: code ?? kind,
          count,
          tone: "failed" as const,
          ...(code === null ? {} : { href: `/?reason=${encodeURIComponent(code)}&since=${range}` }),
        }))}
      />
    </section>
  );
}

function Figures({ overview }: { readonly overview: Overview }) {
  const { totals, funnel, openSockets } = overview;
  const told = totals.events + totals.repeats;
  const figures = [
    { name: "Messages", text: String(totals.messages), note: `${totals.events} events` },
    { name: "Failed", text: shareText(funnel.failed, totals.messages), note: `${funnel.failed} messages` },
    { name: "Came late", text: shareText(totals.late, totals.events), note: `${totals.late} events` },
    { name: "Repeated", text: shareText(totals.repeats, told), note: `${totals.repeats} of ${told} reports` },
    { name: "Contradicted", text: String(totals.contradicted), note: "failed after delivery" },
    ...(openSockets === undefined
      ? []
      : [{ name: "Watching", text: String(openSockets), note: "open streams" }]),
  ];
  return (
    <dl class="figures-row">
      {figures.map(({ name, text, note }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{text}</dd>
          <dd class="soft small">{note}</dd>
        </div>
      ))}
    </dl>
  );
}

function Funnel({ overview: { funnel, totals }, range }: PanelsProps) {
  const total = funnel.total ?? totals.messages;
  return (
    <section class="card" aria-labelledby="funnel-title">
      <h2 id="funnel-title">How far messages came</h2>
      <Bars
        total={total}
        rows={[
          {
            name: "Sent",
            count: funnel.sent,
            tone: "sent",
            glyph: "tick",
            href: `/?status=sent&since=${range}`,
          },
          {
            name: "Delivered",
            count: funnel.delivered,
            tone: "delivered",
            glyph: "ticks",
            href: `/?status=delivered&since=${range}`,
          },
          {
            name: "Read",
            count: funnel.read,
            tone: "read",
            glyph: "ticksFilled",
            href: `/?status=read&since=${range}`,
          },
          {
            name: "Failed",
            count: funnel.failed,
            tone: "failed",
            glyph: "cross",
            href: `/?status=failed&since=${range}`,
          },
        ]}
      />
      <p class="soft small">A message counts in every stage that it has passed.</p>
    </section>
  );
}

function Speed({ name, latency }: { readonly name: string; readonly latency: Latency }) {
  const { p50Ms, p95Ms, count } = latency;
  return (
    <div class="speed">
      <p class="label">{name}</p>
      {count === 0 && <p class="soft">Nothing to measure yet.</p>}
      {count > 0 && (
        <p>
          half within <strong>{span(p50Ms)}</strong>, 95 % within <strong>{span(p95Ms)}</strong>
          <span class="soft small"> of {count}</span>
        </p>
      )}
    </div>
  );
}

function span(ms: number | null): string {
  return ms === null ? "over a day" : spanText(ms);
}
