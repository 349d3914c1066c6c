/** What one would most likely do to a model in its state. */

import Button, { type ButtonProps } from "@cloudscape-design/components/button";
import { isBringing, type Model } from "../../../api/models";
import type { ModelPull } from "../../../api/shapes";
import { useModelsTexts } from "../texts";
import type { Act, Acting } from "./useActing";

interface Shown {
  model: Model;
  pull: ModelPull | undefined;
  acting: Acting;
  variant?: ButtonProps.Variant;
}

export function NextStep({ model, pull, acting, variant = "normal" }: Shown) {
  const texts = useModelsTexts();
  const next = nextOf(model, pull);
  if (!next) return null;
  const [act, id] = next;
  return (
    <Button
      variant={variant}
      ariaLabel={texts.actOn(texts[act], model.name)}
      loading={acting.busy?.act === act && acting.busy.id === id}
      disabled={act === "stop" && pull?.status === "STOPPING"}
      onClick={() => void acting.act(act, id)}
    >
      {texts[act]}
    </Button>
  );
}

/** Nothing, for what a provider serves and while a model is loaded into memory. */
function nextOf({ id, state, local }: Model, pull: ModelPull | undefined): [Exclude<Act, "measure" | "remove">, string] | null {
  if (pull && isBringing(pull)) return ["stop", pull.pullId];
  if (state === "fetchable") return local?.fit === "NO_ENGINE" ? null : ["fetch", id];
  if (state === "installed") return ["load", id];
  return state === "loaded" ? ["unload", id] : null;
}
