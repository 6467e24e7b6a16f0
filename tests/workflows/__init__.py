"""The workflows of .github: what they may, and their steps run without GitHub."""
