import { describe, expect, it } from "vitest";
import { addressSet, clientAddress } from "../../server/client_address.ts";

const PROXIES = ["192.0.2.1", "10.0.0.0/8", "fd00::/16"];
const trusted = addressSet(PROXIES);

describe("clientAddress", () => {
  it.each([
    // peer, X-Forwarded-For, client
    ["198.51.100.7", undefined, "198.51.100.7"],
    ["198.51.100.7", "203.0.113.9", "198.51.100.7"],
    ["192.0.2.1", undefined, "192.0.2.1"],
    ["192.0.2.1", "203.0.113.9", "203.0.113.9"],
    ["::ffff:192.0.2.1", "203.0.113.9", "203.0.113.9"],
    ["192.0.2.1", "203.0.113.8, 203.0.113.9", "203.0.113.9"],
    ["192.0.2.1", "203.0.113.9, 10.1.2.3", "203.0.113.9"],
    ["192.0.2.1", "10.1.2.3", "10.1.2.3"],
    ["fd00::1", "[2001:db8::5]:4711", "2001:db8::5"],
    ["10.1.2.3", "203.0.113.9:4711", "203.0.113.9"],
    ["192.0.2.1", "203.0.113.9, unknown", "192.0.2.1"],
    ["192.0.2.1", "203.0.113.9, ", "192.0.2.1"],
    [undefined, "203.0.113.9", "unknown"],
  ])("of %s with X-Forwarded-For: %s is %s", (peer, forwarded, client) => {
    expect(clientAddress(peer, forwarded, trusted)).toBe(client);
  });
});

describe("addressSet", () => {
  it.each(["proxy.example.com", "10.0.0.0/33", "10.0.0.0/", "fd00::/129", "10.0.0.0/8/8", "/8"])(
    "refuses %s",
    (entry) => {
      expect(() => addressSet([entry])).toThrow(`"${entry}" is neither an IP address nor a network`);
    },
  );
});
