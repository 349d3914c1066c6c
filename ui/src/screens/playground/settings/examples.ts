/** What the fields of JSON are filled with for a start. JSON is in English in every language. */

export const TOOLS = JSON.stringify(
  [
    {
      toolSpec: {
        name: "get_weather",
        description: "The present weather of a city.",
        inputSchema: {
          json: {
            type: "object",
            properties: {
              city: { type: "string", maxLength: 60 },
              unit: { type: "string", enum: ["celsius", "fahrenheit"] },
            },
            required: ["city"],
            additionalProperties: false,
          },
        },
      },
    },
  ],
  null,
  2,
);

export const SCHEMA = JSON.stringify(
  {
    type: "object",
    properties: {
      name: { type: "string", maxLength: 60 },
      inhabitants: { type: "integer", minimum: 0 },
      sights: { type: "array", items: { type: "string", maxLength: 60 }, maxItems: 3 },
    },
    required: ["name", "inhabitants", "sights"],
    additionalProperties: false,
  },
  null,
  2,
);
