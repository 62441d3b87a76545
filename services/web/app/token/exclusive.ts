// One tab at a time, where the browser can do that.

export type Exclusive = <T>(work: () => Promise<T>) => Promise<T>;

const LOCK_NAME = "better_auth_access_token";

export function exclusiveAcrossTabs(locks: LockManager | undefined): Exclusive {
  // Web Locks exist in secure contexts only. Without them two tabs may both renew: harmless.
  if (locks === undefined) return (work) => work();
  return async <T>(work: () => Promise<T>) => (await locks.request(LOCK_NAME, work)) as T;
}
