/** The host's STUN and TURN servers as the browser wants them. */
export function iceConfiguration(urls: string[]): RTCConfiguration {
  return { iceServers: urls.map((url) => ({ urls: url })) };
}

/** How long we wait for ICE candidates before sending what there is. */
const GATHERING_LIMIT_MS = 2_000;

/** G.711 first: what phones speak, so that the host has nothing to transcode. */
function preferG711(transceiver: RTCRtpTransceiver): void {
  const codecs = RTCRtpReceiver.getCapabilities("audio")?.codecs ?? [];
  const wanted = ["audio/pcmu", "audio/pcma", "audio/telephone-event"];
  const place = (codec: { mimeType: string }) => wanted.indexOf(codec.mimeType.toLowerCase());
  const chosen = codecs
    .filter((codec) => place(codec) >= 0 && codec.clockRate === 8_000)
    .sort((a, b) => place(a) - place(b));
  if (chosen.length > 0) transceiver.setCodecPreferences(chosen);
}

async function gathered(peer: RTCPeerConnection): Promise<void> {
  if (peer.iceGatheringState === "complete") return;
  await new Promise<void>((resolve) => {
    const limit = setTimeout(resolve, GATHERING_LIMIT_MS);
    peer.addEventListener("icegatheringstatechange", () => {
      if (peer.iceGatheringState !== "complete") return;
      clearTimeout(limit);
      resolve();
    });
  });
}

/**
 * Sets up a peer connection in one round trip: an offer with every candidate in it, handed to
 * `exchange`, which gives the answer. The caller keeps the connection and closes it.
 */
export async function connectPeer(
  peer: RTCPeerConnection,
  microphone: MediaStream,
  exchange: (sdp: string) => Promise<string>,
): Promise<void> {
  const track = microphone.getAudioTracks()[0];
  if (!track) throw new Error("the stream has no audio track");
  preferG711(peer.addTransceiver(track, { direction: "sendrecv", streams: [microphone] }));
  await peer.setLocalDescription(await peer.createOffer());
  await gathered(peer);
  const answer = await exchange(peer.localDescription?.sdp ?? "");
  await peer.setRemoteDescription({ type: "answer", sdp: answer });
}

/** Plays what the far end sends. The element is not in the page; it lives as long as it plays. */
export function playRemote(peer: RTCPeerConnection): HTMLAudioElement {
  const element = new Audio();
  element.autoplay = true;
  peer.addEventListener("track", (event) => {
    element.srcObject = event.streams[0] ?? new MediaStream([event.track]);
    // A page that was reloaded may not play before the first click or key.
    const play = () => element.play();
    void play().catch(() => addEventListener("pointerdown", () => void play(), { once: true }));
  });
  return element;
}
