/** A message, and beside each other what the models answered. */

import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";
import { Bubble } from "../../parts/Bubble";
import { useTexts } from "../../texts/texts";
import { AnswerView } from "./AnswerView";
import type { Slot, Turn } from "./conversation";

interface Shown {
  turn: Turn;
  place: number;
  slots: Slot[];
  nameOf: (modelId: string) => string;
  /** What comes after this message is dropped. */
  onSend: (text: string) => void;
}

export function TurnView({ turn, place, slots, nameOf, onSend }: Shown) {
  const { playground } = useTexts();
  const [edited, setEdited] = useState<string | null>(null);
  const answered = slots.flatMap(({ id }) => {
    const answer = turn.answers[id];
    return answer ? [{ id, answer }] : [];
  });

  function send(): void {
    const text = edited?.trim();
    setEdited(null);
    if (text) onSend(text);
  }

  return (
    <SpaceBetween size="m">
      <Bubble
        from="person"
        label={playground.questionOf(place + 1)}
        actions={
          edited === null && (
            <>
              <Button variant="inline-icon" iconName="edit" ariaLabel={playground.edit} onClick={() => setEdited(turn.text)} />
              <Button variant="inline-icon" iconName="refresh" ariaLabel={playground.resend} onClick={() => onSend(turn.text)} />
            </>
          )
        }
      >
        {edited === null ? (
          <div className="told">{turn.text}</div>
        ) : (
          <SpaceBetween size="xs">
            <Textarea
              value={edited}
              autoFocus
              ariaLabel={playground.edit}
              rows={Math.min(8, edited.split("\n").length + 1)}
              onChange={({ detail }) => setEdited(detail.value)}
            />
            <SpaceBetween direction="horizontal" size="xs">
              <Button variant="primary" onClick={send} disabled={!edited.trim()}>
                {playground.edited}
              </Button>
              <Button onClick={() => setEdited(null)}>{playground.cancel}</Button>
            </SpaceBetween>
          </SpaceBetween>
        )}
      </Bubble>
      <div className={`answers answers-${answered.length}`}>
        {answered.map(({ id, answer }) => (
          <AnswerView key={id} answer={answer} name={nameOf(answer.modelId)} onAgain={() => onSend(turn.text)} />
        ))}
      </div>
    </SpaceBetween>
  );
}
