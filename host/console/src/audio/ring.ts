import { audioContext } from "./level.ts";

/** A ring tone made of two sines, one second in four, until stopped. */
export function startRinging(): () => void {
  const context = audioContext();
  const volume = context.createGain();
  volume.gain.value = 0;
  volume.connect(context.destination);
  const tones = [440, 554].map((frequency) => {
    const tone = context.createOscillator();
    tone.frequency.value = frequency;
    tone.connect(volume);
    tone.start();
    return tone;
  });
  const burst = () => {
    const now = context.currentTime;
    for (const [start, end] of [
      [0, 0.4],
      [0.6, 1.0],
    ] as const) {
      volume.gain.setValueAtTime(0, now + start);
      volume.gain.linearRampToValueAtTime(0.12, now + start + 0.02);
      volume.gain.setValueAtTime(0.12, now + end - 0.03);
      volume.gain.linearRampToValueAtTime(0, now + end);
    }
  };
  burst();
  const repeat = setInterval(burst, 3_000);
  return () => {
    clearInterval(repeat);
    for (const tone of tones) tone.stop();
    volume.disconnect();
  };
}
