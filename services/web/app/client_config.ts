// What the web server knows and the built app does not.
export interface ClientConfig {
  /** Where the gateway is. */
  apiUrl: string;
  /** Whether the gateway takes Better Auth's session cookie alone, so that no tokens are needed. */
  byCookie: boolean;
}

export async function fetchClientConfig(fetchFn: typeof fetch): Promise<ClientConfig> {
  const response = await fetchFn("/config.json", { cache: "no-cache", signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`/config.json answered ${response.status}`);
  const config = (await response.json()) as { api_url: string; auth_mode: string };
  return { apiUrl: config.api_url, byCookie: config.auth_mode === "session" };
}
