import { toScale } from "./level.ts";

/** What a peer connection has carried so far. */
export interface AudioStatistics {
  packetsSent: number;
  packetsReceived: number;
  packetsLost: number;
  jitterMs: number;
  roundTripMs: number | null;
  /** From 0 to 1, as {@link toScale}. */
  sendLevel: number;
  receiveLevel: number;
  /** Since the connection was made; proves sound rather than packets (W3C webrtc-stats, totalAudioEnergy). */
  receivedEnergy: number;
  codec: string;
}

export const NO_STATISTICS: AudioStatistics = {
  packetsSent: 0,
  packetsReceived: 0,
  packetsLost: 0,
  jitterMs: 0,
  roundTripMs: null,
  sendLevel: 0,
  receiveLevel: 0,
  receivedEnergy: 0,
  codec: "",
};

type Report = Record<string, unknown> & { type: string; kind?: string; id: string };

const number = (value: unknown): number => (typeof value === "number" ? value : 0);

export async function readStatistics(peer: RTCPeerConnection): Promise<AudioStatistics> {
  const result = { ...NO_STATISTICS };
  const codecs = new Map<string, string>();
  let codecId = "";
  (await peer.getStats()).forEach((each: Report) => {
    if (each.type === "codec") codecs.set(each.id, String(each.mimeType ?? ""));
    if (each.type === "outbound-rtp" && each.kind === "audio") {
      result.packetsSent += number(each.packetsSent);
      codecId = String(each.codecId ?? "");
    }
    if (each.type === "inbound-rtp" && each.kind === "audio") {
      result.packetsReceived += number(each.packetsReceived);
      result.packetsLost += number(each.packetsLost);
      result.jitterMs = number(each.jitter) * 1_000;
      result.receiveLevel = toScale(number(each.audioLevel));
      result.receivedEnergy = number(each.totalAudioEnergy);
    }
    if (each.type === "media-source" && each.kind === "audio") {
      result.sendLevel = toScale(number(each.audioLevel));
    }
    if (each.type === "candidate-pair" && each.nominated && each.state === "succeeded") {
      result.roundTripMs = number(each.currentRoundTripTime) * 1_000;
    }
  });
  result.codec = (codecs.get(codecId) ?? "").replace("audio/", "");
  return result;
}
