// Adds, reads and lists a contact through the client that openapi-generator makes.
import assert from "node:assert/strict";
import { argv } from "node:process";
import { Configuration, ContactsApi, CreatedAnswer, ResponseError } from "./client";

const [url, token, mark] = argv.slice(2);
const service = new ContactsApi(new Configuration({ basePath: url, accessToken: token }));

async function main(): Promise<void> {
  const sent = { displayName: mark, primaryEmail: `${mark}@example.com`, tag: [mark] };
  const created: CreatedAnswer = await service.createContact({ newContactBody: { d: { contacts: [sent] } } });
  const id = created.d.results[0].resourceUri.split("/").pop() ?? "";

  const found = (await service.readContact({ id })).d.results?.[0];
  assert.equal(found?.displayName, mark);
  assert.deepEqual(found?.tags, [mark]);

  assert.deepEqual((await service.listTagged({ tag: mark })).d.results?.map((c) => c.id), [id]);
  assert.equal((await service.listContacts({ limit: 1 })).d.results?.length, 1);

  await assert.rejects(service.readContact({ id: "1" }), (e) => e instanceof ResponseError && e.response.status === 404);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
