/**
 * Runs in every page before its own scripts: listens in on what the page's audio elements play, so
 * that a test asserts what a person at this page would hear. A stream that is attached to no
 * playing element is not heard.
 */
(() => {
  const EVERY_MS = 20;
  /** Below this a sound is noise of a codec (dBFS, RMS). */
  const AUDIBLE_DB = -50;
  const FFT = 2_048;

  const elements = new Set();
  const ears = new Map();
  let context;
  let clickedAt = 0;

  const property = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, "srcObject");
  Object.defineProperty(HTMLMediaElement.prototype, "srcObject", {
    ...property,
    set(stream) {
      if (stream) elements.add(this);
      property.set.call(this, stream);
    },
  });
  addEventListener("pointerdown", () => (clickedAt = performance.now()), true);

  function analyser(stream) {
    context ??= new AudioContext();
    if (!ears.has(stream)) {
      const analyser = context.createAnalyser();
      analyser.fftSize = FFT;
      analyser.smoothingTimeConstant = 0;
      context.createMediaStreamSource(stream).connect(analyser);
      ears.set(stream, analyser);
    }
    return ears.get(stream);
  }

  /** What is played at this moment: `{db, hz}` of the loudest stream; null when there is none. */
  function listen() {
    let loudest = null;
    for (const element of elements) {
      const stream = element.srcObject;
      if (element.paused || element.muted || !stream?.active) continue;
      const ear = analyser(stream);
      const samples = new Float32Array(FFT);
      ear.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, each) => sum + each * each, 0) / FFT;
      const db = 10 * Math.log10(power + 1e-12);
      if (loudest && loudest.db > db) continue;
      const bins = new Float32Array(ear.frequencyBinCount);
      ear.getFloatFrequencyData(bins);
      let peak = 0;
      for (let n = 1; n < bins.length; n++) if (bins[n] > bins[peak]) peak = n;
      loudest = { db, hz: (peak * context.sampleRate) / FFT };
    }
    return loudest;
  }

  async function wait(what, within, enough) {
    const deadline = performance.now() + within;
    let heard = null;
    let times = 0;
    while (performance.now() < deadline) {
      heard = listen();
      times = heard && enough(heard) ? times + 1 : 0;
      // Twice in a row: not a crackle.
      if (times === 2) return Math.round(performance.now() - clickedAt);
      await new Promise((done) => setTimeout(done, EVERY_MS));
    }
    const last = heard ? `${heard.hz.toFixed(0)} Hz at ${heard.db.toFixed(0)} dB` : "nothing played";
    throw new Error(`did not hear ${what} within ${within} ms; last: ${last}`);
  }

  const connections = new Set();
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...how) {
      super(...how);
      connections.add(this);
    }
  };

  /** Where the audio of this page is told to go: the addresses of the host's candidates. */
  function told() {
    return [...connections].flatMap((each) =>
      [...(each.remoteDescription?.sdp ?? "").matchAll(/^a=candidate:\S+ \S+ \S+ \S+ (\S+)/gm)].map(
        ([, address]) => address,
      ),
    );
  }

  globalThis.ear = {
    told,
    hears: (hz, within) =>
      wait(`${hz} Hz`, within, (heard) => heard.db > AUDIBLE_DB && Math.abs(heard.hz - hz) < 40),
    hearsSound: (within) => wait("a sound", within, (heard) => heard.db > AUDIBLE_DB),
    now: listen,
  };
})();
