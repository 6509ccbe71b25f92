import { EventEmitter } from "node:events";
import { makeCodec } from "./codec.mjs";

const codec = makeCodec();

/** The main process's end of a port whose other end lives in a page. `send` reaches that page. */
export class MessagePortMain extends EventEmitter {
  #id;
  #send;
  #waiting = [];
  #isStarted = false;
  #isClosed = false;

  constructor(id, send) {
    super();
    this.#id = id;
    this.#send = send;
  }

  postMessage(message, transfer = []) {
    if (transfer.length > 0) throw new Error("electron stand-in: ports are not sent from main to a page");
    if (!this.#isClosed) this.#send({ type: "port-message", id: this.#id, data: codec.encode(message) });
  }
  start() {
    if (this.#isStarted) return;
    this.#isStarted = true;
    this.#send({ type: "port-start", id: this.#id });
    for (const data of this.#waiting.splice(0)) this.#emitMessage(data);
  }
  close() {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#send({ type: "port-close", id: this.#id });
  }

  /** From the page. Messages wait until `start`, as in Chromium. */
  receive(data) {
    if (this.#isStarted) this.#emitMessage(data);
    else this.#waiting.push(data);
  }
  /** The page closed its end or has gone. */
  remoteClosed() {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.emit("close");
  }

  #emitMessage(data) {
    if (!this.#isClosed) this.emit("message", { data: codec.decode(data), ports: [] });
  }
}
