import { api, ask } from "../api/client.ts";
import { type LevelMeter, meter } from "../audio/level.ts";
import { MicrophoneError, type MicrophoneProblem, openMicrophone } from "../audio/microphone.ts";
import { connectPeer, iceConfiguration, playRemote } from "../audio/peer.ts";

export type CallState =
  | "idle"
  | "microphone"
  | "connecting"
  | "ringing"
  | "answered"
  | "ended"
  | "failed";

export interface CallView {
  state: CallState;
  /** When the far end answered, by this computer's clock. */
  answeredAt: number | null;
  endedAt: number | null;
  /** Why it ended, in the host's words. */
  reason: string | null;
  problem: MicrophoneProblem | "connection" | null;
  /** What the host refused with. */
  error: unknown;
  muted: boolean;
}

export const NO_CALL: CallView = {
  state: "idle",
  answeredAt: null,
  endedAt: null,
  reason: null,
  problem: null,
  error: null,
  muted: false,
};

const KEY_MS = 120;
const BETWEEN_KEYS_MS = 70;

/** One call from a web page, from the microphone to the end. Made anew for each call. */
export class CallSession {
  private readonly changed: (view: CallView) => void;
  private view = NO_CALL;
  private stream: MediaStream | undefined;
  private peer: RTCPeerConnection | undefined;
  private socket: WebSocket | undefined;
  private speaker: HTMLAudioElement | undefined;
  private meters: { microphone?: LevelMeter; remote?: LevelMeter } = {};
  private over = false;

  constructor(changed: (view: CallView) => void) {
    this.changed = changed;
  }

  async start(tenant: string, number: string, iceServers: string[]): Promise<void> {
    this.set({ state: "microphone" });
    try {
      this.stream = await openMicrophone();
    } catch (error) {
      this.fail(error instanceof MicrophoneError ? error.problem : "no_device");
      return;
    }
    if (this.over) {
      this.release();
      return;
    }
    this.meters.microphone = meter(this.stream);
    this.set({ state: "connecting" });
    const peer = new RTCPeerConnection(iceConfiguration(iceServers));
    this.peer = peer;
    this.speaker = playRemote(peer);
    peer.addEventListener("track", ({ track }) => {
      this.meters.remote = meter(new MediaStream([track]));
    });
    peer.onconnectionstatechange = () => {
      if (peer.connectionState === "failed") this.fail("connection");
    };
    try {
      await connectPeer(peer, this.stream, async (sdp) => {
        const {
          call,
          token,
          sdp: answer,
        } = await ask<{ call: string; token: string; sdp: string }>(
          api.POST("/api/v1/public/{tenant}/calls", {
            params: { path: { tenant } },
            body: { number, sdp },
          }),
        );
        this.follow(call, token);
        return answer;
      });
    } catch (error) {
      if (!this.over) this.end({ state: "failed", error });
    }
  }

  /** Sends a key as a telephone event (RFC 4733). */
  press(key: string): void {
    const sender = this.peer?.getSenders().find(({ track }) => track?.kind === "audio");
    const dtmf = sender?.dtmf;
    // Keys pressed quickly queue up behind those still to be sent.
    dtmf?.insertDTMF(dtmf.toneBuffer + key, KEY_MS, BETWEEN_KEYS_MS);
  }

  mute(muted: boolean): void {
    for (const track of this.stream?.getAudioTracks() ?? []) track.enabled = !muted;
    this.set({ muted });
  }

  hangUp(): void {
    this.end({ state: "ended", reason: "caller_hung_up" });
  }

  readonly microphoneLevel = (): number => this.meters.microphone?.read() ?? 0;

  readonly remoteLevel = (): number => this.meters.remote?.read() ?? 0;

  /** The socket tells where the call stands; closing it hangs up. */
  private follow(call: string, token: string): void {
    const url = new URL(`/api/v1/public/calls/${call}`, location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    url.searchParams.set("token", token);
    const socket = new WebSocket(url);
    this.socket = socket;
    // Hung up while the host was still setting the call up.
    if (this.over) socket.onopen = () => socket.close();
    socket.onmessage = (event) => {
      const message = JSON.parse(String(event.data)) as {
        type: string;
        state?: string;
        reason?: string;
      };
      if (message.type !== "state" || this.over) return;
      if (message.state === "ringing") this.set({ state: "ringing" });
      if (message.state === "answered") this.set({ state: "answered", answeredAt: Date.now() });
      if (message.state === "ended") this.end({ state: "ended", reason: message.reason ?? null });
    };
    socket.onclose = () => this.fail("connection");
  }

  private fail(problem: CallView["problem"]): void {
    this.end({ state: this.view.answeredAt ? "ended" : "failed", problem });
  }

  private end(how: Partial<CallView>): void {
    if (this.over) return;
    this.over = true;
    this.set({ ...how, endedAt: Date.now(), muted: false });
    this.release();
  }

  private release(): void {
    this.socket?.close();
    this.peer?.close();
    this.speaker?.pause();
    this.meters.microphone?.close();
    this.meters.remote?.close();
    for (const track of this.stream?.getTracks() ?? []) track.stop();
  }

  private set(part: Partial<CallView>): void {
    this.view = { ...this.view, ...part };
    this.changed(this.view);
  }
}
