/**
 * One line a message, rewritten in place on a terminal; elsewhere each line is printed once, when its message is
 * complete.
 */
import { stdout } from "node:process";
import type { Message } from "../../src/model/message.ts";
import { isRealFailure, reachedRecipient, type Status } from "../../src/model/status.ts";
import type { PlannedMessage } from "./plan.ts";

export interface Screen {
  /** Shows what the service says of the message. */
  readonly show: (index: number, message: Message, complete: boolean) => void;
}

const style = stdout.isTTY
  ? { blue: "\u001B[94m", red: "\u001B[91m", green: "\u001B[92m", dim: "\u001B[2m", end: "\u001B[0m" }
  : { blue: "", red: "", green: "", dim: "", end: "" };

export function openScreen(messages: readonly PlannedMessage[]): Screen {
  console.log(
    `\n   status        provider  recipient      arrived, in this order (${paint("dim", "late")})\n`,
  );
  const lines = messages.map((message) => lineOf(message, null));
  const inPlace = stdout.isTTY && stdout.rows > messages.length + 4;
  if (inPlace) console.log(lines.join("\n"));
  return {
    show: (index, message, complete) => {
      const planned = messages[index];
      if (planned === undefined) return;
      const line = lineOf(planned, message);
      if (!inPlace) {
        if (complete) console.log(line);
        return;
      }
      const up = messages.length - index;
      stdout.write(`\u001B[${up}A\r\u001B[2K${cut(line)}\u001B[${up}B\r`);
    },
  };
}

/** How many rows a terminal has for messages; where there is none, there is room enough. */
export function roomForMessages(wanted: number): number {
  return stdout.isTTY ? Math.min(wanted, Math.max(11, stdout.rows - 8)) : wanted;
}

export function paint(colour: "blue" | "red" | "green" | "dim", text: string): string {
  return `${style[colour]}${text}${style.end}`;
}

function lineOf(planned: PlannedMessage, message: Message | null): string {
  const status = message === null ? "…" : `${message.status}${message.partial ? ", part" : ""}`;
  return [
    ticksOf(message?.status ?? null),
    status.padEnd(13),
    planned.provider.padEnd(9),
    planned.recipient.padEnd(14),
    message === null ? "" : trailOf(message),
  ].join(" ");
}

function ticksOf(status: Status | null): string {
  if (status === null) return "  ";
  if (status === "read" || status === "played") return paint("blue", "✓✓");
  if (reachedRecipient(status)) return "✓✓";
  if (isRealFailure(status)) return paint("red", "✗ ");
  return status === "sent" ? "✓ " : paint("dim", "◷ ");
}

function trailOf(message: Message): string {
  const arrived = message.history.toSorted((one, other) => one.version - other.version);
  const words = arrived.map(({ status, effect }) => {
    if (effect === "late") return paint("dim", style.dim === "" ? `(${status})` : status);
    return effect === "contradicted" ? paint("red", status) : status;
  });
  if (message.duplicates > 0) words.push(paint("dim", `↺${message.duplicates}`));
  if (message.contradicted) words.push(paint("red", "contradicted"));
  if (message.deletedAt !== null) words.push(paint("dim", "deleted"));
  return words.join(" ");
}

/** A line that wraps would put all that follow in the wrong place; colours do not count. */
function cut(line: string): string {
  let room = stdout.columns - 1;
  // eslint-disable-next-line no-control-regex
  return line.replaceAll(/\u001B\[\d+m|./gu, (piece) => {
    if (piece.startsWith("\u001B")) return piece;
    room -= 1;
    return room >= 0 ? piece : "";
  });
}
