"""The blog: posts, which are nodes of the kind post.

It is handed the nodes it works on (``core.content.Nodes``) and knows no table. Tags stay where RusToK keeps them, in
the node's metadata: nothing searches for them, in either design.
"""

from rustok_sim.modules.blog.errors import PostNotFound
from rustok_sim.modules.blog.records import NewPost
from rustok_sim.modules.blog.service import BlogService
from rustok_sim.modules.blog.settings import BlogSettings

__all__ = ["BlogService", "BlogSettings", "NewPost", "PostNotFound"]
