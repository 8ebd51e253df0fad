// Declared, so that they are in scope whatever the library has in them.
namespace Gannet.Threading
{
}
