// News among the tabs of one browser, where it can do that; each tab also asks when it gets the focus.
import type { TabNews } from "./cookie_session.ts";

export function tabNews(): TabNews {
  const channel = new BroadcastChannel("better_auth_session");
  return {
    tell: () => channel.postMessage("changed"),
    onTold: (callback) => channel.addEventListener("message", callback),
  };
}
