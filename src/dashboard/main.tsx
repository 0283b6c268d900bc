/** Starts the page: takes the key out of the address before anything else, then draws. */
import { render } from "preact";
import { App } from "./app.tsx";
import { isPage } from "./pages.ts";
import { followLinksHere } from "./state/address.ts";
import { startClock } from "./state/clock.ts";
import { restorePreferences } from "./state/preferences.ts";
import { restoreSession } from "./state/session.ts";
import "./styles/tokens.css";
import "./styles/plain.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/shell.css";
import "./styles/table.css";
import "./styles/message.css";
import "./styles/pages.css";

restoreSession();
restorePreferences();
startClock();
followLinksHere(isPage);

const root = document.getElementById("app");
if (root === null) throw new Error("index.html has the element that the page is drawn into");
render(<App />, root);
