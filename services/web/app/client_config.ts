// Where the gateway is: known to the web server, not to the built app.
export interface ClientConfig {
  apiUrl: string;
}

export async function fetchClientConfig(fetchFn: typeof fetch): Promise<ClientConfig> {
  const response = await fetchFn("/config.json", { cache: "no-cache", signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`/config.json answered ${response.status}`);
  const { api_url: apiUrl } = (await response.json()) as { api_url: string };
  return { apiUrl };
}
