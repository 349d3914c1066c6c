/** Prices of models: seen by all, set by the operator. */

import { useCallback } from "react";
import { useCall } from "../../../api/polling";
import type { ModelPrice } from "../../../api/shapes";
import { useSession } from "../../../app/session";
import { useAmounts } from "../../../parts/amounts";
import { Listing } from "../limits/Listing";
import { useWhom } from "../limits/whom/useWhom";
import { PRICES, PriceDialog } from "./PriceDialog";
import { usePriceTexts } from "./texts";

export function Prices() {
  const texts = usePriceTexts();
  const { money } = useAmounts();
  const { api } = useSession();
  const whom = useWhom();
  const asked = useCall(useCallback(async (signal: AbortSignal) => (await api.craton("ListModelPrices", {}, signal)).prices, [api]));
  return (
    <Listing<ModelPrice>
      texts={texts}
      asked={asked}
      calls={[{ service: "craton", operation: "ListModelPrices", input: {} }]}
      nameOf={({ modelPattern }) => modelPattern}
      keyOf={({ modelPattern, source }) => `${source} ${modelPattern}`}
      creates={whom.operator}
      mine={({ source }) => whom.operator && source === "OPERATION"}
      deletes={({ modelPattern }) => ({ service: "craton", operation: "DeleteModelPrice", input: { modelPattern } })}
      onDelete={async ({ modelPattern }) => void (await api.craton("DeleteModelPrice", { modelPattern }))}
      form={(price, onDone, onClose) => <PriceDialog price={price} whom={whom} onDone={onDone} onClose={onClose} />}
      columns={[
        { id: "pattern", header: texts.pattern, isRowHeader: true, minWidth: 200, cell: ({ modelPattern }) => modelPattern },
        ...PRICES.map((name) => ({
          id: name,
          minWidth: 130,
          header: (
            <>
              {texts[name]}
              <div className="under">{name === "searchPrice" ? texts.unit.searches : texts.unit.tokens}</div>
            </>
          ),
          cell: (price: ModelPrice) => (price[name] === undefined ? "–" : money(price[name], price.currency)),
        })),
        { id: "source", header: texts.source, minWidth: 130, cell: ({ source }) => texts.sources[source] },
      ]}
    />
  );
}
