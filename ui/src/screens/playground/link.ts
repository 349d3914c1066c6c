/** A conversation as a link: it stands behind the # of the address, which browsers send to no server. */

import { type Answer, type Conversation, EMPTY, MOST_MODELS, NO_SETTINGS } from "./conversation";

const NAME = "play";
const MODEL = "model";

/** What a link holds: short names, and no figures. */
interface Kept {
  models: string[];
  settings: Partial<typeof NO_SETTINGS>;
  turns: { text: string; answers: (string | null)[] }[];
  draft: string;
}

export async function linkTo(conversation: Conversation, address: string): Promise<string> {
  const { slots, settings, turns, draft } = conversation;
  const kept: Kept = {
    models: slots.map(({ modelId }) => modelId),
    settings: Object.fromEntries(Object.entries(settings).filter(([, value]) => value)),
    turns: turns.map(({ text, answers }) => ({ text, answers: slots.map(({ id }) => answers[id]?.text || null) })),
    draft,
  };
  const packed = await through(new TextEncoder().encode(JSON.stringify(kept)), new CompressionStream("deflate-raw"));
  return `${address.split("#")[0]}#${NAME}=${base64url(packed)}`;
}

/** What the address holds: a conversation, or one yet to begin with a model; null where it holds neither. */
export async function linked(hash: string): Promise<Conversation | null> {
  const held = new URLSearchParams(hash.slice(1));
  const modelId = held.get(MODEL);
  if (modelId) return { ...EMPTY, slots: [{ id: 0, modelId }] };
  const packed = held.get(NAME);
  if (!packed) return null;
  try {
    const text = await through(bytesIn(packed), new DecompressionStream("deflate-raw"));
    return opened(JSON.parse(new TextDecoder().decode(text)) as Kept);
  } catch {
    return null; // a link that was cut
  }
}

function opened({ models, settings, turns, draft }: Kept): Conversation {
  const slots = models.slice(0, MOST_MODELS).map((modelId, id) => ({ id, modelId: String(modelId) }));
  return {
    slots: slots.length > 0 ? slots : EMPTY.slots,
    settings: Object.fromEntries(
      Object.entries(NO_SETTINGS).map(([name]) => [name, String(settings[name as keyof typeof settings] ?? "")]),
    ) as unknown as typeof NO_SETTINGS,
    turns: turns.map((turn, id) => ({
      id,
      text: String(turn.text),
      answers: Object.fromEntries(
        slots.flatMap((slot): [number, Answer][] => {
          const text = turn.answers[slot.id];
          return text ? [[slot.id, told(slot.modelId, String(text))]] : [];
        }),
      ),
    })),
    draft: String(draft),
  };
}

function told(modelId: string, text: string): Answer {
  return { modelId, progress: "done", text, thinking: "", input: null, figures: {}, reason: null, failure: null };
}

async function through(bytes: Uint8Array<ArrayBuffer>, stream: CompressionStream | DecompressionStream) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}

function base64url(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}

function bytesIn(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
}
