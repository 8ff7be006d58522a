import { type LevelMeter, meter } from "./level.ts";
import {
  MicrophoneError,
  type MicrophoneProblem,
  openMicrophone,
  rememberMicrophone,
} from "./microphone.ts";
import { connectPeer, iceConfiguration, playRemote } from "./peer.ts";
import { type AudioStatistics, NO_STATISTICS, readStatistics } from "./statistics.ts";

export type LegState =
  /** Not wanted: the agent speaks by desk phone. */
  | "off"
  | "asking_microphone"
  | "connecting"
  | "connected"
  /** Gone; the next attempt is on its way. */
  | "lost"
  /** No microphone, so nothing to connect. */
  | "no_microphone"
  /** Another window of the same agent has taken the audio over. */
  | "elsewhere";

/** Hands the host an offer; gives its answer and its name for the new leg. */
export type Exchange = (sdp: string) => Promise<{ leg: string; sdp: string }>;

export interface LegView {
  state: LegState;
  problem: MicrophoneProblem | null;
  /** The microphone's name as the browser gives it. */
  microphone: string;
  microphoneId: string;
  muted: boolean;
}

const RETRY_MS = [500, 1_000, 2_000, 5_000];
/** ICE reports a break early and often recovers; after this long we set the leg up anew. */
const BREAK_LIMIT_MS = 4_000;

/**
 * The agent's standing audio leg: the microphone and one peer connection to the host, set up once
 * and kept for the shift. Calls come and go on it without any set-up. It repairs itself.
 */
export class StandingLeg {
  private readonly exchange: Exchange;
  private readonly changed: () => void;
  private readonly iceServers: string[];
  private view: LegView = {
    state: "off",
    problem: null,
    microphone: "",
    microphoneId: "",
    muted: false,
  };
  private stream: MediaStream | undefined;
  private levels: LevelMeter | undefined;
  private peer: RTCPeerConnection | undefined;
  private speaker: HTMLAudioElement | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private attempts = 0;
  /** Raised by each new attempt, so that a late end of an older one is ignored. */
  private attempt = 0;
  /** The host's name for the present leg, and whether the host has said that it uses it. */
  private own: { id: string; used: boolean } | undefined;
  /** When the present connection came up. */
  private connectedAt = 0;

  constructor(exchange: Exchange, changed: () => void, iceServers: string[]) {
    this.iceServers = iceServers;
    this.exchange = exchange;
    this.changed = changed;
  }

  read(): LegView {
    return this.view;
  }

  level(): number {
    return this.levels?.read() ?? 0;
  }

  /** Whether the microphone gives exact silence. */
  isDead(): boolean {
    return this.levels?.isDead() ?? true;
  }

  async statistics(): Promise<AudioStatistics> {
    return this.peer ? readStatistics(this.peer) : NO_STATISTICS;
  }

  /** Begins, or begins anew after a problem that the agent has dealt with. */
  async start(): Promise<void> {
    const attempt = this.begin();
    if (this.stream?.getAudioTracks()[0]?.readyState !== "live") {
      this.set({ state: "asking_microphone", problem: null });
      try {
        const stream = await openMicrophone();
        if (attempt !== this.attempt) {
          stopTracks(stream);
          return;
        }
        this.takeMicrophone(stream);
      } catch (error) {
        if (attempt !== this.attempt) return;
        const problem = error instanceof MicrophoneError ? error.problem : "no_device";
        this.set({ state: "no_microphone", problem });
        return;
      }
    }
    await this.connect(attempt);
  }

  stop(): void {
    this.release();
    this.set({ state: "off", problem: null, muted: false });
  }

  /** The host says that it has no leg of ours: believe it, unless ours is brand new. */
  disown(): void {
    if (this.view.state === "connected" && Date.now() - this.connectedAt > 5_000) this.again(0);
  }

  /**
   * The host says which leg it uses. Once it has used ours and then another, a second window has
   * taken over: taking the audio back unasked would only make the two windows fight for it.
   */
  learnUsed(leg: string | null): void {
    if (!leg || !this.own) return;
    if (leg === this.own.id) this.own.used = true;
    else if (this.own.used) {
      this.release();
      this.set({ state: "elsewhere", problem: null, muted: false });
    }
  }

  /** Another microphone, without touching the connection. */
  async takeUpMicrophone(deviceId: string): Promise<void> {
    rememberMicrophone(deviceId);
    const stream = await openMicrophone(deviceId).catch(() => undefined);
    if (!stream) {
      await this.start();
      return;
    }
    const old = this.stream;
    this.takeMicrophone(stream);
    const track = stream.getAudioTracks()[0] ?? null;
    await this.peer?.getSenders()[0]?.replaceTrack(track);
    if (old) stopTracks(old);
    if (!this.peer) await this.start();
  }

  mute(muted: boolean): void {
    for (const track of this.stream?.getAudioTracks() ?? []) track.enabled = !muted;
    this.set({ muted });
  }

  private release(): void {
    this.begin();
    this.levels?.close();
    this.levels = undefined;
    if (this.stream) stopTracks(this.stream);
    this.stream = undefined;
  }

  private begin(): number {
    clearTimeout(this.retry);
    this.dropPeer();
    this.own = undefined;
    this.attempt += 1;
    return this.attempt;
  }

  private dropPeer(): void {
    this.peer?.close();
    this.peer = undefined;
    this.speaker?.pause();
    this.speaker = undefined;
  }

  private takeMicrophone(stream: MediaStream): void {
    this.levels?.close();
    this.stream = stream;
    this.levels = meter(stream);
    const track = stream.getAudioTracks()[0];
    if (!track) return;
    track.enabled = !this.view.muted;
    // Unplugged, or the permission was withdrawn: try whatever microphone is left.
    track.onended = () => {
      if (stream !== this.stream) return;
      this.stream = undefined;
      this.set({ problem: "unplugged" });
      void this.start();
    };
    this.set({
      problem: null,
      microphone: track.label,
      microphoneId: track.getSettings().deviceId ?? "",
    });
  }

  private async connect(attempt: number): Promise<void> {
    if (!this.stream) return;
    this.set({ state: "connecting" });
    const peer = new RTCPeerConnection(iceConfiguration(this.iceServers));
    this.peer = peer;
    this.speaker = playRemote(peer);
    let breakLimit: ReturnType<typeof setTimeout> | undefined;
    peer.onconnectionstatechange = () => {
      if (attempt !== this.attempt) return;
      clearTimeout(breakLimit);
      if (peer.connectionState === "connected") {
        this.attempts = 0;
        this.connectedAt = Date.now();
        this.set({ state: "connected" });
      } else if (peer.connectionState === "disconnected") {
        this.set({ state: "lost" });
        breakLimit = setTimeout(() => attempt === this.attempt && this.again(0), BREAK_LIMIT_MS);
      } else if (peer.connectionState === "failed") {
        this.again(0);
      }
    };
    try {
      await connectPeer(peer, this.stream, async (offer) => {
        const { leg, sdp } = await this.exchange(offer);
        if (attempt === this.attempt) this.own = { id: leg, used: false };
        return sdp;
      });
    } catch {
      if (attempt === this.attempt) this.again();
    }
  }

  private again(pause = RETRY_MS[Math.min(this.attempts, RETRY_MS.length - 1)]): void {
    this.begin();
    this.attempts += 1;
    this.set({ state: "lost" });
    this.retry = setTimeout(() => void this.start(), pause);
  }

  private set(part: Partial<LegView>): void {
    this.view = { ...this.view, ...part };
    this.changed();
  }
}

function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) {
    track.onended = null;
    track.stop();
  }
}
