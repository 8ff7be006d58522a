import type { LiveMessage } from "../api/types.ts";

export type ConnectionStatus = "connecting" | "open" | "lost";

interface Handlers {
  onStatus(status: ConnectionStatus): void;
  onMessage(message: LiveMessage): void;
  /** The server does not know our session any more. */
  onSignedOut(): void;
}

const PING_EVERY_MS = 10_000;
/** Pings are answered or other messages come; without either the socket counts as dead. */
const SILENCE_LIMIT_MS = 35_000;
const RETRY_MS = [250, 500, 1_000, 2_000, 4_000];

/**
 * The WebSocket `/api/v1/live`, kept open: it reconnects by itself, and resumes after the last
 * cursor it has seen. An agent is signed in for as long as it is open.
 */
export class LiveConnection {
  private readonly handlers: Handlers;
  private socket: WebSocket | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private heartbeat: ReturnType<typeof setInterval> | undefined;
  private attempts = 0;
  private heardAt = 0;
  private cursor: string | undefined;
  private stopped = false;

  constructor(handlers: Handlers) {
    this.handlers = handlers;
  }

  start(): void {
    this.stopped = false;
    addEventListener("online", this.reconnectNow);
    this.open();
  }

  stop(): void {
    this.stopped = true;
    removeEventListener("online", this.reconnectNow);
    clearTimeout(this.retry);
    clearInterval(this.heartbeat);
    this.socket?.close(1000);
    this.socket = undefined;
  }

  private readonly reconnectNow = (): void => {
    if (this.socket?.readyState === WebSocket.OPEN) return;
    clearTimeout(this.retry);
    this.attempts = 0;
    this.open();
  };

  private open(): void {
    this.socket?.close();
    const url = new URL("/api/v1/live", location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    if (this.cursor) url.searchParams.set("after", this.cursor);
    const socket = new WebSocket(url);
    this.socket = socket;
    socket.onopen = () => {
      this.heardAt = Date.now();
      clearInterval(this.heartbeat);
      this.heartbeat = setInterval(() => this.beat(socket), PING_EVERY_MS);
    };
    socket.onmessage = (event) => {
      if (socket !== this.socket) return;
      this.heardAt = Date.now();
      this.take(JSON.parse(String(event.data)) as LiveMessage);
    };
    socket.onclose = () => {
      if (socket === this.socket) this.lost();
    };
  }

  private take(message: LiveMessage): void {
    if (message.type === "hello") {
      this.attempts = 0;
      this.handlers.onStatus("open");
    }
    if ("cursor" in message && message.cursor) this.cursor = message.cursor;
    this.handlers.onMessage(message);
  }

  private beat(socket: WebSocket): void {
    if (Date.now() - this.heardAt > SILENCE_LIMIT_MS) socket.close();
    else if (socket.readyState === WebSocket.OPEN) socket.send('{"type":"ping"}');
  }

  private lost(): void {
    clearInterval(this.heartbeat);
    this.socket = undefined;
    if (this.stopped) return;
    this.handlers.onStatus("lost");
    const pause = RETRY_MS[Math.min(this.attempts, RETRY_MS.length - 1)] ?? 4_000;
    this.attempts += 1;
    this.retry = setTimeout(() => this.open(), pause);
    // A refused upgrade looks like any other loss to a page: ask whether we are still known.
    if (this.attempts === 3) void this.checkSession();
  }

  private async checkSession(): Promise<void> {
    const response = await fetch("/api/v1/me").catch(() => undefined);
    if (response?.status === 401) this.handlers.onSignedOut();
  }
}
