const kEveryMs = 2_400;

/** Rings until the returned function is called: two soft notes, made here, no file. Browsers allow sound only after a
 *  click on the page; signing in is one, after a reload there may be none, and then it stays silent. */
export function startRinging(): () => void {
  let context: AudioContext;
  try {
    context = new AudioContext();
  } catch {
    return () => undefined;
  }
  const note = (at_s: number, hertz: number) => {
    const tone = context.createOscillator();
    const loudness = context.createGain();
    tone.frequency.value = hertz;
    loudness.gain.setValueAtTime(0, at_s);
    loudness.gain.linearRampToValueAtTime(0.25, at_s + 0.03);
    loudness.gain.exponentialRampToValueAtTime(0.001, at_s + 0.5);
    tone.connect(loudness).connect(context.destination);
    tone.start(at_s);
    tone.stop(at_s + 0.55);
  };
  const ring = () => {
    if (context.state !== "running") return;
    note(context.currentTime, 784);
    note(context.currentTime + 0.28, 659);
  };
  void context.resume().then(ring, () => undefined);
  const timer = setInterval(ring, kEveryMs);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}
