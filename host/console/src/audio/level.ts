/** How loud a stream is, from 0 (nothing) to 1 (full scale). */
export interface LevelMeter {
  /** The present level on a scale made for eyes: -60 dBFS is 0, 0 dBFS is 1. */
  read(): number;
  /** Whether the last third of a second was nothing but zeros: no sound, not a quiet one. */
  isDead(): boolean;
  close(): void;
}

let shared: AudioContext | undefined;

/** One context for the page. Browsers let it run after the first click or key on the page. */
export function audioContext(): AudioContext {
  if (!shared) {
    shared = new AudioContext();
    const resume = () => void shared?.resume();
    addEventListener("pointerdown", resume);
    addEventListener("keydown", resume);
  }
  if (shared.state === "suspended") void shared.resume().catch(() => undefined);
  return shared;
}

/** Whether levels are measured at all: before the first click or key they are all zero. */
export function isMeasuring(): boolean {
  return shared?.state === "running";
}

export function toScale(amplitude: number): number {
  if (amplitude <= 0) return 0;
  return Math.min(1, Math.max(0, 1 + (20 * Math.log10(amplitude)) / 60));
}

/** Listens in on a stream; never plays it. */
export function meter(stream: MediaStream): LevelMeter {
  const context = audioContext();
  const source = context.createMediaStreamSource(stream);
  const analyser = context.createAnalyser();
  analyser.fftSize = 1_024;
  source.connect(analyser);
  const whole = context.createAnalyser();
  whole.fftSize = 16_384;
  source.connect(whole);
  const long = new Float32Array(whole.fftSize);
  const samples = new Float32Array(analyser.fftSize);
  return {
    read() {
      analyser.getFloatTimeDomainData(samples);
      let sum = 0;
      for (const sample of samples) sum += sample * sample;
      return toScale(Math.sqrt(sum / samples.length));
    },
    isDead() {
      whole.getFloatTimeDomainData(long);
      return long.every((sample) => sample === 0);
    },
    close() {
      source.disconnect();
    },
  };
}
