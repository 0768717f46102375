// Creates, reads, lists, changes and removes a contact through the client that openapi-generator makes.
import assert from "node:assert/strict";
import { argv } from "node:process";
import { Configuration, ContactsApi, Direction, ResponseError } from "./client";

const [url, token, mark] = argv.slice(2);
const service = new ContactsApi(new Configuration({ basePath: url, accessToken: token }));

async function main(): Promise<void> {
  const sent = { firstName: "Ada", company: mark, createdAt: "2016-07-01T12:12:11.000Z", hotnessId: 12 };
  const created = await service.createContact({ newContact: sent });
  const id = String(created.id);

  const found = await service.readContact({ id });
  assert.equal(found.firstName, "Ada");
  assert.equal(found.createdAt?.getTime(), Date.UTC(2016, 6, 1, 12, 12, 11));

  const page = await service.listContacts({ company: mark, $limit: 5, $sortFirstName: Direction.NUMBER_1 });
  assert.equal(page.total, 1);
  assert.deepEqual(page.data.map((c) => c.id), [created.id]);
  assert.equal((await service.listContacts({ company$in: [mark, "Analytical Engines"] })).total, 1);

  const changed = await service.changeContact({ id, contactChange: { lastName: "Byron" } });
  assert.equal(changed.lastName, "Byron");

  await service.removeContact({ id });
  await assert.rejects(service.readContact({ id }), (e) => e instanceof ResponseError && e.response.status === 404);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
