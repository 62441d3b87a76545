// The tabs of one browser, as live updates need them.
import type { Leadership, News, TabChannel } from "./live_updates.ts";

export function tabChannel(userId: string): TabChannel {
  const channel = new BroadcastChannel(`todo_live:${userId}`);
  return {
    tell: (news) => channel.postMessage(news),
    onTold: (callback) => {
      const listener = (event: MessageEvent<News>) => callback(event.data);
      channel.addEventListener("message", listener);
      return () => channel.close();
    },
  };
}

export function leadership(locks: LockManager | undefined, userId: string): Leadership {
  // Web Locks exist in secure contexts only. Without them each tab has a stream of its own.
  if (locks === undefined) return (_, work) => work();
  return async (signal, work) => {
    try {
      await locks.request(`todo_live:${userId}`, { signal }, work);
    } catch (error) {
      // Stopped while it waited for its turn.
      if (!signal.aborted) throw error;
    }
  };
}
