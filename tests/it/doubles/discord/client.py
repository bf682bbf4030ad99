"""A small bot on discord.py (Debian's python3-discord) that speaks to the double.

Arguments: base address, token, channel id. It ends well (status 0) after "bye" in its thread.
"""

import asyncio
import sys

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

BASE, TOKEN, CHANNEL = sys.argv[1], sys.argv[2], int(sys.argv[3])
Route.BASE = BASE + "/api/v10"
NOBODY = discord.AllowedMentions.none()

intents = discord.Intents.none()
intents.guilds = True
intents.guild_messages = True
intents.message_content = True


class ResolveModal(discord.ui.Modal, title="解決"):
    cause = discord.ui.TextInput(label="原因", custom_id="cause", style=discord.TextStyle.paragraph, max_length=100)

    def __init__(self, card):
        super().__init__(custom_id="resolve-modal")
        self.card = card

    async def on_submit(self, interaction):
        await interaction.response.send_message(f"cause: {self.cause.value}", ephemeral=True)
        await interaction.followup.send("noted", ephemeral=True)
        thread = await self.card.create_thread(name="Q-1042", auto_archive_duration=1440)
        message = await thread.send("resolved here", nonce="Q-1042/1")
        await message.edit(content="resolved here.", allowed_mentions=NOBODY)
        assert (await thread.fetch_message(message.id)).content == "resolved here."


class Buttons(discord.ui.View):
    def __init__(self, custom_id):
        super().__init__(timeout=None)
        button = discord.ui.Button(label=custom_id, custom_id=custom_id, style=discord.ButtonStyle.primary)
        button.callback = self.pressed
        self.add_item(button)
        self.custom_id = custom_id

    async def pressed(self, interaction):
        if self.custom_id == "claim":
            content = f"claimed by {interaction.user.display_name}"
            await interaction.response.edit_message(content=content, view=Buttons("resolve"), allowed_mentions=NOBODY)
        else:
            await interaction.response.send_modal(ResolveModal(interaction.message))


class Desk(discord.Client):
    def __init__(self):
        super().__init__(intents=intents, allowed_mentions=NOBODY)
        self.tree = app_commands.CommandTree(self)
        self.failed = None

    async def setup_hook(self):
        # This version takes the gateway's address for granted: ask the double for it.
        _, url = await self.http.get_bot_gateway(zlib=False)
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url).with_query(None)

    async def on_ready(self):
        guild = self.guilds[0]
        self.tree.copy_global_to(guild=guild)
        await self.tree.sync(guild=guild)
        channel = self.get_channel(CHANNEL)
        embed = discord.Embed(title="Q-1042", description="支払いが失敗する").add_field(name="顧客", value="山田商店")
        await channel.send("open", embed=embed, view=Buttons("claim"))

    async def on_message(self, message):
        if isinstance(message.channel, discord.Thread) and message.content == "bye":
            await message.channel.edit(archived=True)
            await self.close()

    async def on_error(self, event, *args):
        self.failed = sys.exc_info()[1]
        await super().on_error(event, *args)
        await self.close()


desk = Desk()


@desk.tree.command(name="toban", description="The desk")
@app_commands.describe(ref="which inquiry")
async def toban(interaction, ref: str):
    await interaction.response.defer(ephemeral=True)
    await interaction.edit_original_response(content=f"{ref}: {interaction.user.display_name}")
    await interaction.edit_original_response(content=f"{ref}: {interaction.user.display_name} (edited)")


@toban.autocomplete("ref")
async def suggest(interaction, current):
    return [app_commands.Choice(name="Q-1042 支払い", value="Q-1042")]


async def main():
    async with desk:
        await asyncio.wait_for(desk.start(TOKEN), timeout=60)
    if desk.failed is not None:
        raise desk.failed


asyncio.run(main())
