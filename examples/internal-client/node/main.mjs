// A service of your own that calls the todo service: its certificate says who it is, and a user's token for whom it asks.
//
//   node main.mjs ADDRESS FOLDER [SERVER_NAME] <token
//
// FOLDER is what scripts/issue-client-cert wrote. SERVER_NAME stands in the todo service's certificate (default: todo).
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import grpc from "@grpc/grpc-js";
import protoLoader from "@grpc/proto-loader";

const [address, folder, serverName = "todo"] = process.argv.slice(2);
if (!address || !folder) {
  console.error("usage: node main.mjs ADDRESS FOLDER [SERVER_NAME] <token");
  process.exit(2);
}
const token = readFileSync(0, "utf8").trim();

// google/api/annotations.proto comes with protobufjs.
const protos = fileURLToPath(new URL("../../../proto", import.meta.url));
const google = dirname(fileURLToPath(import.meta.resolve("protobufjs/package.json")));
const definition = protoLoader.loadSync("todo/v1/task_service.proto", { includeDirs: [protos, google], keepCase: true, defaults: true });
const { TaskService } = grpc.loadPackageDefinition(definition).todo.v1;

const read = (name) => readFileSync(`${folder}/${name}`);
const client = new TaskService(address, grpc.credentials.createSsl(read("ca.crt"), read("tls.key"), read("tls.crt")), {
  "grpc.ssl_target_name_override": serverName,
  // In turn over all replicas.
  "grpc.service_config": JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
});

function call(method, message) {
  const metadata = new grpc.Metadata();
  metadata.set("authorization", `Bearer ${token}`);
  return new Promise((resolve, reject) => {
    client[method](message, metadata, { deadline: Date.now() + 5_000 }, (error, answer) => (error ? reject(error) : resolve(answer)));
  });
}

try {
  const me = await call("GetMe", {});
  const { items: tasks } = await call("ListTasks", { user_id: me.user_id });
  console.log(`${me.email} has ${tasks.length} tasks`);
  for (const task of tasks) console.log(`- ${task.title}`);
} catch (error) {
  console.error(`code ${error.code}: ${error.details ?? error.message}`);
  process.exitCode = 1;
} finally {
  client.close();
}
