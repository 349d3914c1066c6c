/** A message, and beside each other what the models answered. */

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { Bubble } from "../../parts/Bubble";
import { type Acts, AnswerView } from "./answers/AnswerView";
import { Composer } from "./Composer";
import { FileList } from "./files/FileList";
import type { Attachment } from "./files/files";
import { type Answer, running } from "./talk/answer";
import type { Said, Slot, Turn, Which } from "./talk/conversation";
import { usePlaygroundTexts } from "./texts/texts";

interface Shown {
  turn: Turn;
  /** Among all messages, from 0. */
  place: number;
  last: boolean;
  slots: Slot[];
  nameOf: (modelId: string) => string;
  /** The message as it is being mended; none while it is not. */
  edited: Said | null;
  earlier: Attachment[];
  sighted: boolean;
  ready: boolean;
  onEdit: (edited: Said | null) => void;
  /** What comes after this message is dropped. */
  onSend: (said: Said) => void;
  actsOn: (which: Which, answer: Answer) => Acts;
}

export function TurnView(shown: Shown) {
  const { turn, slots, nameOf, last } = shown;
  const own = usePlaygroundTexts().answer;
  const answered = slots.flatMap(({ id, modelId }) => {
    const answers = turn.answers[id] ?? [];
    return answers.length > 0 ? [{ id, answers, name: nameOf(answers[0]?.modelId ?? modelId) }] : [];
  });
  return (
    <SpaceBetween size="m">
      <Question {...shown} />
      <div className={`answers answers-${answered.length}`}>
        {answered.map(({ id, answers, name }) => (
          <Bubble key={id} from="model" label={own.of(name)} growing={answers.some(running)}>
            <Box variant="small" color="text-body-secondary">
              <strong>{name}</strong>
            </Box>
            {answers.map((answer, place) => (
              <AnswerView
                key={place}
                answer={answer}
                name={name}
                then={place < answers.length - 1 ? "sent" : last ? "open" : "dropped"}
                acts={shown.actsOn({ turn: turn.id, slot: id, place }, answer)}
              />
            ))}
          </Bubble>
        ))}
      </div>
    </SpaceBetween>
  );
}

function Question({ turn, place, edited, earlier, sighted, ready, onEdit, onSend }: Shown) {
  const { message } = usePlaygroundTexts();
  const { text, files } = turn;
  return (
    <Bubble
      from="person"
      label={message.questionOf(place + 1)}
      actions={
        edited === null && (
          <>
            <Button variant="inline-icon" iconName="edit" ariaLabel={message.edit} onClick={() => onEdit({ text, files })} />
            <Button
              variant="inline-icon"
              iconName="refresh"
              ariaLabel={message.resend}
              disabled={!ready}
              // Files that a link did not hold are first added again, or taken away.
              onClick={() => (files.every(({ bytes }) => bytes) ? onSend : onEdit)({ text, files })}
            />
          </>
        )
      }
    >
      {edited === null ? (
        <>
          {files.length > 0 && <FileList files={files} />}
          <div className="told">{text}</div>
        </>
      ) : (
        <Composer
          said={edited}
          label={message.edit}
          sendLabel={message.edited}
          sighted={sighted}
          earlier={earlier}
          ready={ready}
          autoFocus
          onChange={(changed) => onEdit({ ...edited, ...changed })}
          onAttached={(more) => onEdit({ ...edited, files: [...edited.files, ...more] })}
          onSend={onSend}
          onCancel={() => onEdit(null)}
        />
      )}
    </Bubble>
  );
}
