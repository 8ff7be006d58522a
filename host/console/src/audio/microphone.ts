/** Why there is no sound from a microphone; each has its own advice in the translations. */
export type MicrophoneProblem =
  | "insecure_page"
  | "permission_denied"
  | "no_device"
  | "device_busy"
  | "unplugged";

export class MicrophoneError extends Error {
  readonly problem: MicrophoneProblem;

  constructor(problem: MicrophoneProblem) {
    super(problem);
    this.problem = problem;
  }
}

const CHOSEN = "hotline.microphone";

export function chosenMicrophone(): string {
  return localStorage.getItem(CHOSEN) ?? "";
}

export function rememberMicrophone(deviceId: string): void {
  localStorage.setItem(CHOSEN, deviceId);
}

/** Opens the chosen microphone, or the system's default when the chosen one is away. */
export async function openMicrophone(deviceId = chosenMicrophone()): Promise<MediaStream> {
  // Browsers hide the microphone from pages that are neither https nor localhost.
  if (!navigator.mediaDevices) throw new MicrophoneError("insecure_page");
  const wanted = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: deviceId ? { ...wanted, deviceId: { exact: deviceId } } : wanted,
    });
  } catch (error) {
    const name = error instanceof DOMException ? error.name : "";
    if (deviceId && (name === "OverconstrainedError" || name === "NotFoundError")) {
      return openMicrophone("");
    }
    if (name === "NotAllowedError" || name === "SecurityError") {
      throw new MicrophoneError("permission_denied");
    }
    if (name === "NotReadableError" || name === "AbortError") {
      throw new MicrophoneError("device_busy");
    }
    throw new MicrophoneError("no_device");
  }
}

/** Microphones to choose from; their names are known only after permission. */
export async function listMicrophones(): Promise<{ id: string; label: string }[]> {
  const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  return devices
    .filter((device) => device.kind === "audioinput" && device.deviceId !== "")
    .map((device) => ({ id: device.deviceId, label: device.label }));
}
