import { Hono } from "hono";
import type { AppEnvironment } from "../http/context.ts";

export const keyRoutes = new Hono<AppEnvironment>();
