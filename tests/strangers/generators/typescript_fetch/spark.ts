// Creates, reads, lists, changes and removes a contact through the client that openapi-generator makes.
import assert from "node:assert/strict";
import { argv } from "node:process";
import { Configuration, ContactsApi, CreatedAnswer, instanceOfCreatedAnswer, ResponseError } from "./client";

const [url, token, mark] = argv.slice(2);
const service = new ContactsApi(new Configuration({ basePath: url, accessToken: token }));

async function main(): Promise<void> {
  const sent = { displayName: mark, primaryEmail: `${mark}@example.com`, givenName: "Ada", tags: [mark] };
  const created: CreatedAnswer = await service.createContact({ newContactBody: { d: sent } });
  assert.ok(instanceOfCreatedAnswer(created));
  const id = created.d.results[0].resourceUri.split("/").pop() ?? "";

  const found = (await service.readContact({ id })).d.results?.[0];
  assert.equal(found?.displayName, mark);
  assert.deepEqual(found?.tags, [mark]);

  const asked = { filter: `DisplayName Eq '${mark}'`, limit: 5, pagination: "1" as const };
  const listed = (await service.listContacts(asked)).d;
  assert.equal(listed.pagination?.totalRows, 1);
  assert.deepEqual(listed.results?.map((c) => c.id), [id]);

  assert.equal((await service.changeContact({ id, contactChangeBody: { d: { familyName: "Byron" } } })).d.success, true);
  assert.equal((await service.readContact({ id })).d.results?.[0].familyName, "Byron");

  assert.equal((await service.removeContact({ id })).d.success, true);
  await assert.rejects(service.readContact({ id }), (e) => e instanceof ResponseError && e.response.status === 404);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
