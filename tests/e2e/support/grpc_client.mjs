// gRPC as another implementation than ours speaks it.
import { readFileSync } from "node:fs";
import { credentials, loadPackageDefinition, Metadata, status } from "@grpc/grpc-js";
import { loadFileDescriptorSetFromBuffer } from "@grpc/proto-loader";
import protobuf from "protobufjs";
import { root } from "./stack.mjs";

const { todo } = loadPackageDefinition(loadFileDescriptorSetFromBuffer(readFileSync(`${root}build/api.binpb`), { keepCase: true, enums: String, longs: Number }));

// google/rpc/status.proto and error_details.proto, as much as is read.
const rpc = protobuf.parse(
  `syntax = "proto3";
  message Any { string type_url = 1; bytes value = 2; }
  message Status { repeated Any details = 3; }
  message ErrorInfo { string reason = 1; string domain = 2; }
  message BadRequest { message FieldViolation { string field = 1; string description = 2; } repeated FieldViolation field_violations = 1; }`,
  { keepCase: true },
).root;

const clients = new Map();

/** The client of a service at an address; one each, so that calls share a connection. */
function clientOf(services, service) {
  const address = new URL(services.todoAddress).host;
  const name = `${service} ${address}`;
  if (!clients.has(name)) clients.set(name, new todo.v1[service](address, credentials.createInsecure()));
  return clients.get(name);
}

/** Closes what is open. */
export function closeClients() {
  clients.forEach((client) => client.close());
  clients.clear();
}

function metadataOf(token) {
  const metadata = new Metadata();
  if (token !== undefined) metadata.set("authorization", `Bearer ${token}`);
  return metadata;
}

/** Makes one call; rejects with grpc-js's error. */
export const callGrpc = (services, service, method, message, token) =>
  new Promise((resolve, reject) => {
    const deadline = Date.now() + 20_000;
    clientOf(services, service)[method](message, metadataOf(token), { deadline }, (error, answer) => (error ? reject(error) : resolve(answer)));
  });

/** Opens a stream; its messages are read with `for await`, and leaving the loop cancels it. */
export const streamGrpc = (services, service, method, message, token) => clientOf(services, service)[method](message, metadataOf(token));

/** What an error says: its code's name, its reason, and the fields at fault. */
export function explain(error) {
  const [bytes] = error.metadata?.get("grpc-status-details-bin") ?? [];
  const details = bytes ? rpc.lookupType("Status").decode(bytes).details : [];
  const detail = (name) => {
    const found = details.find(({ type_url }) => type_url.endsWith(`/google.rpc.${name}`));
    return found ? rpc.lookupType(name).decode(found.value) : undefined;
  };
  return {
    code: status[error.code],
    reason: detail("ErrorInfo")?.reason,
    fields: detail("BadRequest")?.field_violations.map(({ field }) => field) ?? [],
  };
}
