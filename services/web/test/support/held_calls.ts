// Task calls that the test answers when and how it likes.
import type { NewTask, Task } from "../../app/api/task_api.ts";
import type { TaskCalls } from "../../app/tasks/task_store.ts";
import { makeTask } from "./fake_gateway.ts";

export interface HeldCall {
  name: string;
  args: unknown[];
  succeed(value?: unknown): void;
  fail(error: Error): void;
}

/** With `hold` false every call succeeds at once, as on a good day. */
export class HeldCalls implements TaskCalls {
  hold = false;
  tasks: Task[] = [];
  readonly calls: HeldCall[] = [];

  list(): Promise<Task[]> {
    return this.#call("list", [], () => [...this.tasks]);
  }

  get(id: string): Promise<Task> {
    return this.#call("get", [id], () => makeTask(this.#known(id)));
  }

  create(task: NewTask, key?: string): Promise<Task> {
    return this.#call("create", [task, key], () => makeTask(task));
  }

  update(id: string, changes: object, options?: object): Promise<Task> {
    return this.#call("update", [id, changes, options], () => makeTask({ ...this.#known(id), ...changes }));
  }

  undelete(id: string): Promise<Task> {
    return this.#call("undelete", [id], () => makeTask(this.#known(id)));
  }

  remove(id: string): Promise<void> {
    return this.#call("remove", [id], () => undefined);
  }

  last(): HeldCall {
    const call = this.calls.at(-1);
    if (call === undefined) throw new Error("no call was made");
    return call;
  }

  #known(id: string): Partial<Task> {
    return this.tasks.find((task) => task.id === id) ?? { id };
  }

  #call<T>(name: string, args: unknown[], answer: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const succeed = (value?: unknown) => resolve(value === undefined ? answer() : (value as T));
      this.calls.push({ name, args, succeed, fail: reject });
      if (!this.hold) succeed();
    });
  }
}
