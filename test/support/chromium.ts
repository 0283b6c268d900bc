/**
 * The Chromium that lies packed in @sparticuz/chromium, ready to be driven: nothing else needs to be installed.
 *
 * Unpacked once for a version into the machine's temporary files, complete or not at all.
 */
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { type Browser, chromium } from "playwright-core";
import { repository } from "./service.ts";

const packed = resolve(repository, "node_modules/@sparticuz/chromium");

export async function launchChromium(): Promise<Browser> {
  const directory = unpackedChromium();
  return chromium.launch({
    executablePath: join(directory, "chromium"),
    // In a container there is neither a sandbox to enter nor a graphics card.
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
    env: { ...process.env, ...libraryPath(directory), FONTCONFIG_FILE: join(directory, "fonts.conf") },
  });
}

function unpackedChromium(): string {
  const { version } = JSON.parse(readFileSync(join(packed, "package.json"), "utf8")) as { version: string };
  const directory = join(tmpdir(), `tickline-chromium-${version}`);
  if (existsSync(directory)) return directory;
  const making = mkdtempSync(`${directory}-`);
  const unpack = (name: string): Buffer => brotliDecompressSync(readFileSync(join(packed, "bin", name)));
  writeFileSync(join(making, "chromium"), unpack("chromium.br"), { mode: 0o755 });
  for (const name of ["al2023.tar.br", "fonts.tar.br"]) untar(unpack(name), making);
  writeFileSync(join(making, "fonts.conf"), fontConfiguration(directory));
  try {
    renameSync(making, directory);
  } catch (error) {
    // Another run was first.
    rmSync(making, { recursive: true, force: true });
    if (readdirSync(directory).length === 0) throw error;
  }
  return directory;
}

function untar(archive: Buffer, directory: string): void {
  mkdirSync(directory, { recursive: true });
  execFileSync("tar", ["-xf", "-", "-C", directory], { input: archive });
}

/** The libraries that come with it are used only where the machine lacks its own, which are newer. */
function libraryPath(directory: string): Record<string, string> {
  try {
    execFileSync(join(directory, "chromium"), ["--version"], { stdio: "ignore" });
    return {};
  } catch {
    return { LD_LIBRARY_PATH: join(directory, "lib") };
  }
}

/** The font that comes with it first, so that pages look the same on every machine. */
function fontConfiguration(directory: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(directory, "fonts")}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${join(dirname(directory), "tickline-fonts-cache")}</cachedir>
  ${prefer("system-ui", "Open Sans")}
  ${prefer("sans-serif", "Open Sans")}
  ${prefer("monospace", "DejaVu Sans Mono")}
</fontconfig>
`;
}

function prefer(family: string, font: string): string {
  return `<alias><family>${family}</family><prefer><family>${font}</family></prefer></alias>`;
}
