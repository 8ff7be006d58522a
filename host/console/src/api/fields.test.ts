import { expect, test } from "vitest";
import { formErrors } from "./fields.ts";

test("what is said of a nested field of the API stands at that field of the form", () => {
  expect(
    formErrors({ "rules.rings[1].skills": "at character 3: ...", "queues[12].level": "too high" }),
  ).toEqual({ "rules.rings.1.skills": "at character 3: ...", "queues.12.level": "too high" });
});
