import { Hono } from "hono";
import type { AppEnvironment } from "../http/context.ts";

export const ingestRoutes = new Hono<AppEnvironment>();
