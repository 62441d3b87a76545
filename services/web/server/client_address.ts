// Where a request comes from, past the proxies that stand in front of us.
import { BlockList, isIP } from "node:net";

/** Addresses and networks, as in TRUSTED_PROXIES: `10.0.0.1`, `172.16.0.0/12`, `fd00::/8`. Throws on what is neither. */
export function addressSet(entries: readonly string[]): BlockList {
  const set = new BlockList();
  for (const entry of entries) {
    const [address = "", prefix] = entry.split("/");
    const width = isIP(address) === 6 ? 128 : 32;
    const bits = prefix === undefined ? width : Number(prefix);
    const isNetwork = prefix === undefined || (/^\d+$/.test(prefix) && bits <= width && entry.split("/").length === 2);
    if (isIP(address) === 0 || !isNetwork) throw new Error(`"${entry}" is neither an IP address nor a network`);
    set.addSubnet(address, bits, family(address));
  }
  return set;
}

/**
 * The peer, or, where that is a trusted proxy, the last address of X-Forwarded-For that is none. An entry that is no
 * address ends the search: what stands further to the front may be anybody's word.
 */
export function clientAddress(peer: string | undefined, forwarded: string | undefined, trusted: BlockList): string {
  let client = peer ?? "unknown";
  const entries = (forwarded ?? "").split(",").map(withoutPort);
  while (isTrusted(client, trusted)) {
    const next = entries.pop();
    if (next === undefined || isIP(next) === 0) break;
    client = next;
  }
  return client;
}

function isTrusted(address: string, trusted: BlockList): boolean {
  return isIP(address) !== 0 && trusted.check(address, family(address));
}

function family(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 6 ? "ipv6" : "ipv4";
}

/** Some proxies write brackets and a port around the address. */
function withoutPort(entry: string): string {
  const text = entry.trim();
  return /^\[(.*)\](:\d+)?$/.exec(text)?.[1] ?? /^([^:]*):\d+$/.exec(text)?.[1] ?? text;
}
